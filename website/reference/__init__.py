"""The reference: every call, option, result, error and setting, as the core describes itself."""
