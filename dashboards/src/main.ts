import { mount } from 'svelte';
import App from './App.svelte';
import { garderLeFocus } from './cadre/focus';
import { signalerLesFautes } from './cadre/saisies';
import { direLActivite } from './etat/activite';
import { session } from './etat/session.svelte';
import './styles/couleurs.css';
import './styles/base.css';
import './styles/trace.css';

const place = document.getElementById('console');
if (place === null) throw new Error('index.html has no element named console');
mount(App, { target: place });
garderLeFocus(place);
signalerLesFautes(place);
direLActivite(place, () => void session.entretenir());
