/** The window's languages, each with its own name for the choice on the welcome screen. */
export const languages = { en: 'English', de: 'Deutsch' } as const;

export type Language = keyof typeof languages;

export const languageCodes = Object.keys(languages) as [Language, ...Language[]];

/** What stands in where something has no words in another language; a catalogue has it for each product. */
export const fallbackLanguage = 'en' satisfies Language;

/** What something is called, in as many languages as somebody has named it in. */
export type LocalNames = Readonly<
  Record<typeof fallbackLanguage, string> & Partial<Record<Language, string>>
>;

export function nameIn(names: LocalNames, language: Language): string {
  return names[language] ?? names[fallbackLanguage];
}
