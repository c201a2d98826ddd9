/** The dashboard: five screens over the same questions as the command line. */
export { serveDashboard, type DashboardFacts, type DashboardRequest, type NextLogin } from './serve.ts';
