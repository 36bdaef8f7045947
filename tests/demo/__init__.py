"""The example apps, used as a person would use them, against the sandbox."""
