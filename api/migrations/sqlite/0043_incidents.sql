-- Days on which figures were not fed (incident) and changes of method (rupture): which schools,
-- which days, who says so. Days are written AAAA-MM-JJ.
create table incidents (
    id          text primary key,
    nature      text not null, -- incident or rupture
    titre       text not null,
    explication text not null,
    du          text not null,
    au          text, -- last day; none while it lasts
    portee      text not null, -- toutes, plateforme, territoire or ecoles
    valeur      text not null, -- platform, niveau:code, or UAIs separated by commas
    declare_par text not null, -- the account
    declare_nom text not null, -- its holder's name then
    declare_le  integer not null
);
