"""OAuth servers of others, each of which stands in for PKB's token side."""
