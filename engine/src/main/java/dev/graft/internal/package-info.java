/** Helpers of the engine that are no part of its API: digests, atomic files, strict JSON. */
package dev.graft.internal;
