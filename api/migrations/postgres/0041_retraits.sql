-- Schools taken off a convention that goes on: until when they were under it, what becomes of their
-- cells, and when what they had sent was destroyed. Days are written AAAA-MM-JJ.
create table conventions_retraits (
    reference   text not null references conventions (reference) on delete cascade,
    uai         text not null,
    entree      text not null,
    fin         text not null,
    cumuls      text not null, -- garder or detruire
    detruite_le text,
    primary key (reference, uai)
);
