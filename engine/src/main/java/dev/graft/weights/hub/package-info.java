/**
 * Fetches published base models over the Hugging Face hub's HTTP protocol into its standard cache
 * folder, and finds them there without a network.
 */
package dev.graft.weights.hub;
