/**
 * What a third party implements. Each interface is found through a services file alone; its id must
 * be unique, and it goes into the artefact, so that the artefact finds its reader.
 */
package dev.graft.spi;
