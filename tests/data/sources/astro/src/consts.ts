export const SITE_TITLE = "Orbit";
export const SITE_DESCRIPTION = "Far away.";
