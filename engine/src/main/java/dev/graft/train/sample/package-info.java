/** Orders in which the examples of a stream come. */
package dev.graft.train.sample;
