/** The sections of the rail: who has them, and the key behind `g` that leads there. */
import {
  Activity,
  CalendarClock,
  CircleSlash,
  Cpu,
  KeyRound,
  Layers,
  LayoutDashboard,
  ListTree,
  type LucideIcon,
  Webhook,
  Wrench,
} from 'lucide-react';
import type { Role } from '../generated/graphql.ts';

export interface Section {
  path: string;
  label: string;
  icon: LucideIcon;
  /** Behind `g`. */
  key?: string;
  roles: readonly Role[];
}

const ALL: readonly Role[] = ['ADMIN', 'WORKER', 'MEMBER', 'USER'];
const ROOMY: readonly Role[] = ['ADMIN', 'WORKER', 'MEMBER'];
/** A WORKER has schedules of the rooms that it works for. */
const SCHEDULERS: readonly Role[] = ['ADMIN', 'WORKER'];
const ADMIN: readonly Role[] = ['ADMIN'];

const SECTIONS: readonly Section[] = [
  { path: '/', label: 'Overview', icon: LayoutDashboard, key: 'o', roles: ALL },
  { path: '/tasks', label: 'Tasks', icon: ListTree, key: 't', roles: ALL },
  { path: '/dead-letters', label: 'Dead letters', icon: CircleSlash, key: 'd', roles: ROOMY },
  { path: '/jobs', label: 'Jobs', icon: Layers, key: 'j', roles: ALL },
  { path: '/workers', label: 'Workers', icon: Cpu, key: 'w', roles: ROOMY },
  { path: '/schedules', label: 'Schedules', icon: CalendarClock, key: 's', roles: SCHEDULERS },
  { path: '/operations', label: 'Operations', icon: Wrench, key: 'p', roles: ADMIN },
  { path: '/events', label: 'Events', icon: Activity, key: 'e', roles: ADMIN },
  { path: '/webhooks', label: 'Webhooks', icon: Webhook, key: 'h', roles: ADMIN },
  { path: '/keys', label: 'Keys', icon: KeyRound, roles: ADMIN },
];

/** The section that an address belongs to, where the role does not have it. */
export function closedSection(role: Role, path: string): Section | undefined {
  const section = SECTIONS.find((one) => one.path !== '/' && path.startsWith(one.path));
  return section?.roles.includes(role) ? undefined : section;
}

export function sectionsOf(role: Role): Section[] {
  return SECTIONS.filter(({ roles }) => roles.includes(role));
}
