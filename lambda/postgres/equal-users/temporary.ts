/**
 * SQL: whether an object of this database is temporary, as its row in `pg_shdepend` names it. It ends with its session, so it is nothing
 * that two users have to share; and others come all the time.
 */
export const IS_TEMPORARY = `(pg_identify_object(classid, objid, objsubid)).schema ~ '^pg_(toast_)?temp'`;
