"""Mail: promised in the transaction, sent after it."""
