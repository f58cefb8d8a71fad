"""Files for and from the bank: ISO 20022 and CSV. Values in, bytes out; nothing of the database."""
