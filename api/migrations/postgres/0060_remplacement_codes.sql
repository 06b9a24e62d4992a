-- A new phone in the place of the one in use, whose codes serve until the new one's are confirmed.
alter table codes add column remplacant bytea; -- sealed; null when none is to be confirmed
