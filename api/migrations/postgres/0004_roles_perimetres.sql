-- Roles; perimeters of several territories and named sets of schools; passwords that are not chosen
-- yet; sessions that can be listed. The role of an account made before is the one that goes with its
-- territory.
alter table comptes alter column mot_de_passe drop not null; -- until the invitation is accepted
alter table comptes add column role text not null default 'fournisseur';
alter table comptes alter column role drop default;
alter table comptes add column cree_par text; -- who made it; null for the command line

update comptes set role = case niveau
    when 'national' then 'national'
    when 'region' then 'drane'
    when 'academie' then 'drane'
    when 'departement' then 'dsden'
    when 'circonscription' then 'conseiller'
    when 'commune' then 'commune'
    when 'ecole' then 'directeur'
    else 'fournisseur'
end;

create table comptes_territoires (
    identifiant text not null references comptes (identifiant) on delete cascade,
    niveau      text not null,
    code        text not null,
    primary key (identifiant, niveau, code)
);

insert into comptes_territoires
select identifiant, niveau, code from comptes where niveau is not null;

alter table comptes drop column niveau;
alter table comptes drop column code;

alter table sessions add column numero text not null default gen_random_uuid()::text unique; -- by which it is listed and revoked
alter table sessions alter column numero drop default;
alter table sessions add column moyen text not null default 'mot_de_passe'; -- how it was opened: mot_de_passe, code, oidc, ldap
alter table sessions alter column moyen drop default;
alter table sessions add column appareil text not null default ''; -- kind of device, system and browser, from the plan's lists
alter table sessions alter column appareil drop default;

create table perimetres (
    id       text primary key,
    nom      text not null,
    parent   text references perimetres (id),
    cree_le  bigint not null,
    cree_par text -- who made it; null for the command line
);

create table perimetres_territoires (
    perimetre text not null references perimetres (id) on delete cascade,
    niveau    text not null,
    code      text not null,
    primary key (perimetre, niveau, code)
);

create table perimetres_ecoles (
    perimetre text not null references perimetres (id) on delete cascade,
    uai       text not null,
    primary key (perimetre, uai)
);

create table comptes_perimetres (
    identifiant text not null references comptes (identifiant) on delete cascade,
    perimetre   text not null references perimetres (id),
    primary key (identifiant, perimetre)
);

create index comptes_par_perimetre on comptes_perimetres (perimetre);
