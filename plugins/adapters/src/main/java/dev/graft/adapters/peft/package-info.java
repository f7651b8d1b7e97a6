/** Adapters as files in the layout of PEFT, the library of Hugging Face. */
package dev.graft.adapters.peft;
