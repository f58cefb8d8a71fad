"""Numbers and rules: from score sheets to awards. Pure: no words for people, no database, no web."""
