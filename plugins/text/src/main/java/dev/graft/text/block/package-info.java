/** What transformers over sequences are put together from: attention, feed-forward, blocks. */
package dev.graft.text.block;
