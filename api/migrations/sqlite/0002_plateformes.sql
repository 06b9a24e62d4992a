-- Providers' accounts: the platforms whose tagging quality they see, and no territory.
-- SQLite cannot make a column nullable in place: the tables are made again, rows and sessions kept.
create table comptes_neufs (
    identifiant  text primary key,
    nom          text not null,
    mot_de_passe text not null, -- argon2id, PHC string
    niveau       text, -- perimeter: level and code of its territory, or neither
    code         text,
    cree_le      integer not null,
    check ((niveau is null) = (code is null))
) strict, without rowid;

insert into comptes_neufs select identifiant, nom, mot_de_passe, niveau, code, cree_le from comptes;

create table sessions_neuves (
    empreinte   blob primary key, -- SHA-256 of the cookie's token: the token itself is never stored
    identifiant text not null references comptes_neufs (identifiant) on delete cascade,
    ouverte_le  integer not null,
    vue_le      integer not null
) strict, without rowid;

insert into sessions_neuves select empreinte, identifiant, ouverte_le, vue_le from sessions;

drop table sessions;
drop table comptes;
alter table comptes_neufs rename to comptes;
alter table sessions_neuves rename to sessions;
create index sessions_par_compte on sessions (identifiant);

create table comptes_plateformes (
    identifiant text not null references comptes (identifiant) on delete cascade,
    plateforme  text not null,
    primary key (identifiant, plateforme)
) strict, without rowid;

-- An account as it is read: its platforms as a JSON array.
create view comptes_lus as
select identifiant, nom, mot_de_passe, niveau, code,
       (select json_group_array(plateforme)
        from comptes_plateformes p
        where p.identifiant = comptes.identifiant) as plateformes
from comptes;
