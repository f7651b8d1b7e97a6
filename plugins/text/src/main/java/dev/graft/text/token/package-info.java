/** Texts to token ids and back: published tokenizers, the older files read into the same form. */
package dev.graft.text.token;
