/** Adapters that add tokens to what a transformer reads. */
package dev.graft.adapters.prompt;
