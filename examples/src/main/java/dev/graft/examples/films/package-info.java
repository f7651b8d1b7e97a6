/** What the title of a film says about its genres and its mean rating, from MovieLens. */
package dev.graft.examples.films;
