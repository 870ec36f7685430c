# The function's place in a VPC: its security group, unless it is given others, and Lambda's permission to connect it.

locals {
  network           = var.network[*]
  own_group         = [for network in local.network : network if network.security_group_ids == null]
  endpoint_group_id = try(var.network.secrets_manager_endpoint_security_group_id, null)
  # Neither a try nor a filter: how many there are is known in each plan, though a port, such as that of a new database, may not be.
  target_ports       = var.network == null ? [] : var.network.target_ports
  security_group_ids = length(local.own_group) > 0 ? aws_security_group.function[*].id : try(var.network.security_group_ids, [])

  network_describe = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
  network_change = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
  ]
}

# All subnets are in one VPC, so the first one tells.
data "aws_subnet" "first" {
  count = length(local.own_group)

  id = local.own_group[count.index].subnet_ids[0]
}

resource "aws_security_group" "function" {
  count = length(local.own_group)

  name_prefix = "${var.name}-"
  description = "Of a function that rotates secrets (declared with Rotaform)"
  vpc_id      = data.aws_subnet.first[count.index].vpc_id
  tags        = var.tags
}

resource "aws_vpc_security_group_egress_rule" "secrets_manager" {
  count = length(local.own_group)

  security_group_id            = aws_security_group.function[count.index].id
  description                  = "Secrets Manager"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  cidr_ipv4                    = local.endpoint_group_id == null ? "0.0.0.0/0" : null
  referenced_security_group_id = local.endpoint_group_id
}

# Where the target is, its own security group says.
resource "aws_vpc_security_group_egress_rule" "target" {
  count = length(local.own_group) * length(local.target_ports)

  security_group_id = aws_security_group.function[0].id
  description       = "The target"
  ip_protocol       = "tcp"
  from_port         = local.target_ports[count.index]
  to_port           = local.target_ports[count.index]
  cidr_ipv4         = "0.0.0.0/0"
}

# Lambda connects the function with it; the function's own code may not use it.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
data "aws_iam_policy_document" "network" {
  count = length(local.network)

  statement {
    sid     = "ConnectTheFunction"
    actions = local.network_change
    # Interfaces have no name before they are made; subnets may be those that another account shares.
    resources = ["arn:${data.aws_partition.current.partition}:ec2:${local.region}:*:*/*"]
  }

  # EC2 lets neither action be limited to a resource.
  statement {
    sid       = "SeeTheNetwork"
    actions   = local.network_describe
    resources = ["*"]
  }

  statement {
    sid       = "KeepTheNetworkFromTheCode"
    effect    = "Deny"
    actions   = concat(local.network_change, local.network_describe)
    resources = ["*"]

    condition {
      test     = "ArnEquals"
      variable = "lambda:SourceFunctionArn"
      # By its name: the function is made after the policy.
      values = [local.planned_arn]
    }
  }
}

resource "aws_iam_role_policy" "network" {
  count = length(local.network)

  name   = "network"
  role   = aws_iam_role.function.name
  policy = data.aws_iam_policy_document.network[count.index].json
}
