-- An account is read by two queries that every database understands: the view is no longer used.
drop view comptes_lus;
