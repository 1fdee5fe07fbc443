// Checks what no compiler does: that the published packages describe themselves alike, import only
// what they may, and that the tracked files serve every machine.
import { checkArchitecture } from './check-packages/architecture.js'
import { checkInternals } from './check-packages/internals.js'
import { checkLockfile } from './check-packages/lockfile.js'
import { checkMetadata } from './check-packages/metadata.js'
import { checkRooms } from './check-packages/rooms.js'
import { checkSharedKeys } from './check-packages/shared-keys.js'
import { checkTrackedFiles } from './check-packages/tracked-files.js'
import { checkVersions } from './check-packages/versions.js'
import { checkWalls } from './check-packages/walls.js'
import { publicPackages, root } from './packages.js'

const packages = publicPackages()
const faults = [
  ...checkMetadata(packages),
  ...checkVersions(packages),
  ...packages.flatMap(checkWalls),
  ...packages.flatMap(checkSharedKeys),
  ...checkRooms(`${root}/packages`),
  ...checkArchitecture(),
  ...checkInternals(),
  ...checkLockfile(),
  ...checkTrackedFiles(),
]
for (const fault of faults) console.error(fault)
console.log(
  faults.length === 0
    ? `${packages.length} packages are in order.`
    : `${faults.length} faults in ${packages.length} packages.`,
)
process.exitCode = faults.length === 0 ? 0 : 1
