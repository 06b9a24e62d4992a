-- Nothing to do here: SQLite drops a view that this database never had.
select 1;
