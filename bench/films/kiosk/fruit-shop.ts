import { copyFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { defaultModelDir } from '../../../src/engine/process/model-dir.ts';
import { trainFromFolders } from '../../../src/engine/training/train-from-folders.ts';
import { fruitPhotos } from '../compose/fruit.ts';

/** A shop that sells the fruit of the fruit lab, and an engine's folder that was taught its photos. */
export interface FruitShop {
  readonly catalogue: string;
  /** Lays the engine into a kiosk's data folder, as the demo shop's own. */
  readonly layInto: (dataFolder: string) => Promise<void>;
}

const photoFolder = resolve('../shared/data/fruit-lab');
const demoProject = resolve('.runtime/demo-project');
/** By which the kiosk knows that the demo shop's project is in its folder already. */
const demoStamp = '.freshlane-demo';
/** Under which the kiosk looks for the demo shop's model. */
const publishedName = 'demo';

const products = { apple: 0.55, banana: 0.29, orange: 0.65 } as const;
type ProductId = keyof typeof products;

/** The product of a thing of composed films; null for what the shop does not sell. */
export function soldAs(product: string): ProductId | null {
  if (product.endsWith('apple')) return 'apple';
  return product === 'banana' || product === 'orange' ? product : null;
}

/**
 * Teaches the shop by the photographs of even seeds: films of odd ones show others. It is kept under
 * `.runtime/bench`, and taught again where photographs or engine have changed.
 */
export async function openFruitShop(): Promise<FruitShop> {
  const folder = resolve('.runtime', 'bench', 'fruit-shop');
  const photos = join(folder, 'photos');
  await rm(photos, { recursive: true, force: true });
  for (const { name, file } of fruitPhotos.even) {
    const productId = soldAs(name);
    if (productId === null) continue;
    await mkdir(join(photos, productId), { recursive: true });
    await copyFile(join(photoFolder, file), join(photos, productId, basename(file)));
  }
  const engine = join(folder, 'engine');
  await trainFromFolders({
    dataDir: engine,
    modelDir: defaultModelDir(import.meta.url),
    projectName: 'Fruit',
    folder: photos,
    domain: 'retail',
    publishName: publishedName,
  });
  const catalogue = join(folder, 'catalogue.csv');
  await writeFile(catalogue, catalogueText());
  return {
    catalogue,
    layInto: async (dataFolder) => {
      const target = join(dataFolder, 'engine');
      await cp(engine, target, { recursive: true });
      await copyFile(join(demoProject, demoStamp), join(target, demoStamp));
    },
  };
}

function catalogueText(): string {
  const lines = Object.entries(products).map(
    ([id, price]) => `${id},${id},${id},${id},fruit,piece,${price},7,no`,
  );
  return ['id,tag,name_en,name_de,group,sold_by,price,tax_percent,organic', ...lines, ''].join(
    '\n',
  );
}
