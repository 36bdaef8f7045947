"""An example app: a person connects digi.me and pushes files to their library and measurements to their provider."""
