// Everything that needs the charting library, loaded as one part when the first chart is drawn.

export { traceAppareils } from './traceAppareils';
export { traceDeploiement } from './traceDeploiement';
export { traceEchelle } from './traceEchelle';
export { traceEvolution } from './traceEvolution';
export { traceLignes } from './traceLignes';
export { traceMoments } from './traceMoments';
export { tracePairs } from './tracePairs';
export { traceReception } from './traceReception';
