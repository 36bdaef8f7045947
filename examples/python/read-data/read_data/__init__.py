"""An example app: a person connects digi.me and looks at what the app reads from their sources."""
