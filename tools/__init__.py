"""Programs for people who work on Causeway; the service itself never imports them."""
