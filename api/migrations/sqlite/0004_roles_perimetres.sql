-- Roles; perimeters of several territories and named sets of schools; passwords that are not chosen
-- yet; sessions that can be listed. SQLite cannot make a column nullable in place: the tables are
-- made again, rows kept. The role of an account made before is the one that goes with its territory.
create table comptes_neufs (
    identifiant  text primary key,
    nom          text not null,
    mot_de_passe text, -- argon2id, PHC string; null until the invitation is accepted
    role         text not null,
    cree_le      integer not null,
    cree_par     text -- who made it; null for the command line
) strict, without rowid;

insert into comptes_neufs
select identifiant, nom, mot_de_passe,
       case niveau
           when 'national' then 'national'
           when 'region' then 'drane'
           when 'academie' then 'drane'
           when 'departement' then 'dsden'
           when 'circonscription' then 'conseiller'
           when 'commune' then 'commune'
           when 'ecole' then 'directeur'
           else 'fournisseur'
       end,
       cree_le, null
from comptes;

create table comptes_territoires_neufs (
    identifiant text not null references comptes_neufs (identifiant) on delete cascade,
    niveau      text not null,
    code        text not null,
    primary key (identifiant, niveau, code)
) strict, without rowid;

insert into comptes_territoires_neufs
select identifiant, niveau, code from comptes where niveau is not null;

create table comptes_plateformes_neuves (
    identifiant text not null references comptes_neufs (identifiant) on delete cascade,
    plateforme  text not null,
    primary key (identifiant, plateforme)
) strict, without rowid;

insert into comptes_plateformes_neuves select identifiant, plateforme from comptes_plateformes;

create table sessions_neuves (
    empreinte   blob primary key, -- SHA-256 of the cookie's token: the token itself is never stored
    numero      text not null unique, -- by which it is listed and revoked
    identifiant text not null references comptes_neufs (identifiant) on delete cascade,
    moyen       text not null, -- how it was opened: mot_de_passe, code, oidc, ldap
    appareil    text not null, -- kind of device, system and browser, from the plan's lists
    ouverte_le  integer not null,
    vue_le      integer not null
) strict, without rowid;

insert into sessions_neuves
select empreinte, lower(hex(randomblob(16))), identifiant, 'mot_de_passe', '', ouverte_le, vue_le
from sessions;

drop table sessions;
drop table comptes_plateformes;
drop table comptes;
alter table comptes_neufs rename to comptes;
alter table comptes_territoires_neufs rename to comptes_territoires;
alter table comptes_plateformes_neuves rename to comptes_plateformes;
alter table sessions_neuves rename to sessions;
create index sessions_par_compte on sessions (identifiant);

create table perimetres (
    id       text primary key,
    nom      text not null,
    parent   text references perimetres (id),
    cree_le  integer not null,
    cree_par text -- who made it; null for the command line
) strict, without rowid;

create table perimetres_territoires (
    perimetre text not null references perimetres (id) on delete cascade,
    niveau    text not null,
    code      text not null,
    primary key (perimetre, niveau, code)
) strict, without rowid;

create table perimetres_ecoles (
    perimetre text not null references perimetres (id) on delete cascade,
    uai       text not null,
    primary key (perimetre, uai)
) strict, without rowid;

create table comptes_perimetres (
    identifiant text not null references comptes (identifiant) on delete cascade,
    perimetre   text not null references perimetres (id),
    primary key (identifiant, perimetre)
) strict, without rowid;

create index comptes_par_perimetre on comptes_perimetres (perimetre);
