"""Networks and their storage; they know neither losses nor corpora nor what a label means."""
