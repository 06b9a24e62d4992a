// Everything that needs the charting library, loaded as one part when the first chart is drawn.

export { traceAppareils } from './traceAppareils';
export { traceDeploiement } from './traceDeploiement';
export { traceEvolution } from './traceEvolution';
export { traceMoments } from './traceMoments';
export { traceReception } from './traceReception';
export { traceServices } from './traceServices';
