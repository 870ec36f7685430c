locals {
  rotation = {
    archive                = var.archive
    environment            = var.environment
    shared_environment     = {}
    statements             = var.statements
    format                 = var.format
    needs_initial          = false
    reads_earlier_versions = true
    target_ports           = []
    is_from_elsewhere      = true
  }
}
