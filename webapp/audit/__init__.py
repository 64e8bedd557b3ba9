"""What offices, coordinators and administrators did: who, when, what, before and after."""
