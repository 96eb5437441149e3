"""Conversion between Python's values and DynamoDB's typed attributes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

_SERIALIZER: Final = TypeSerializer()
_DESERIALIZER: Final = TypeDeserializer()


def encode(values: Mapping[str, Any]) -> "dict[str, AttributeValueTypeDef]":
    """Return the values as typed attributes."""
    serialize = _SERIALIZER.serialize
    return {name: serialize(value) for name, value in values.items()}


def decode(attributes: "Mapping[str, AttributeValueTypeDef]") -> dict[str, Any]:
    """Return the attributes as plain values; numbers are `Decimal`."""
    deserialize = _DESERIALIZER.deserialize
    return {name: deserialize(attribute) for name, attribute in attributes.items()}


def encode_key(key: tuple[str, str]) -> "dict[str, AttributeValueTypeDef]":
    """Return a key, a `PK` and an `SK`, as typed attributes."""
    return {"PK": {"S": key[0]}, "SK": {"S": key[1]}}
