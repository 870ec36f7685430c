'use strict';

exports.handler = async () => null;
