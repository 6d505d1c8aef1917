import type { Kept } from '../platform/kept.ts';
import { tellWhatIsBack } from './back-in-stock.ts';
import { moveDropsOn } from './drop.ts';
import { launchWhatIsHere } from './launch.ts';
import { decideValidations } from './validation.ts';

/** What time and arrivals bring to what is sold before it is here. Running it twice changes nothing the second time. */
export async function sellWhatIsDue(kept: Kept, brandId: number): Promise<void> {
  await launchWhatIsHere(kept, brandId);
  await decideValidations(kept, brandId);
  await moveDropsOn(kept, brandId);
  await tellWhatIsBack(kept, brandId);
}
