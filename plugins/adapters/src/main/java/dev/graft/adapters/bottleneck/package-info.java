/** Small networks behind or beside layers: down, an activation, up. */
package dev.graft.adapters.bottleneck;
