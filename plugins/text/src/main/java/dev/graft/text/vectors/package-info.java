/** Families over word vectors, which know whole words and no pieces of them. */
package dev.graft.text.vectors;
