/** The driver's own calculation of slots comes without types. */
declare module 'cluster-key-slot' {
  export default function calculateSlot(key: string): number;
}
