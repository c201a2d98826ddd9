import type { Uninstalled } from './service-answers.ts';
import { ownText, removeFile } from './service-file.ts';
import type { ServiceManager } from './service-manager.ts';

/** Stops the service and removes its file; running jobs go on. A service that cannot be stopped stays as it is. */
export async function uninstall(name: string, manager: ServiceManager): Promise<Uninstalled> {
  const { unit, file } = manager;
  const isOurs = ownText(file) !== undefined;
  const isThere = isOurs && manager.isThere();
  if (isThere) manager.stop();
  if (isOurs) {
    await removeFile(file);
    await manager.forget();
  }
  return { name, unit, file, removed: isOurs, asked: isThere, commands: isOurs && !isThere ? manager.toStop : [] };
}
