"""One file a report format; each turns a comparison into text. Writing it somewhere is the command line's."""
