/**
 * The generator of the demo's data: characters of many open fonts, distorted, as IDX files.
 *
 * <p>{@link dev.graft.examples.glyphs.MakeGlyphs} reads the list of fonts, renders two sets (one to
 * pretrain on, one to transfer to) and writes them. A machine without fonts needs none of it: the
 * output is part of the source tree.
 */
package dev.graft.examples.glyphs;
