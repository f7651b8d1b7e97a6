/**
 * Forms of data folders that hold labelled pictures: one folder per class, a table of files and
 * labels, IDX files, NumPy archives.
 */
package dev.graft.vision.source;
