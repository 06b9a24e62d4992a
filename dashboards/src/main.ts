import { mount } from 'svelte';
import App from './App.svelte';
import './styles/couleurs.css';
import './styles/base.css';
import './styles/trace.css';

const place = document.getElementById('console');
if (place === null) throw new Error('index.html has no element named console');
mount(App, { target: place });
