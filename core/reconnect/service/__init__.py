"""The daemon as a service: what starts it at login, watches it, and hears that it is well."""
