/** Decoders go on with texts. */
package dev.graft.text.generate;
