/** The window's languages, each with its own name for the choice on the welcome screen. */
export const languages = { en: 'English', de: 'Deutsch' } as const;

export type Language = keyof typeof languages;
