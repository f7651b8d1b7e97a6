/**
 * Forms of data folders that hold labelled images: one folder per class, a table of files and
 * labels, IDX files, NumPy archives.
 */
package dev.graft.vision.source;
