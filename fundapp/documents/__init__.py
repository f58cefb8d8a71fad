"""Papers to take away: blank forms and copies of answers, as PDF, word-processor file or page to print."""
