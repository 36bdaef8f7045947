"""What is printed from the description of the core: the types, and the methods of both SDKs."""
