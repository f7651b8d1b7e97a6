/** Raw texts to the inputs of a network. */
package dev.graft.text.preprocessing;
