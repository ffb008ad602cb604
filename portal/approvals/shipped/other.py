"""呈批件: whatever has no form of its own (R80)."""

from typing import Any

OTHER: dict[str, Any] = {
    "code": "other",
    "name": "呈批件",
    "name_en": "Request for approval",
    "note": "没有专门表单的事项都用它。",
    "note_en": "For whatever has no form of its own.",
    "icon": "file-pen-line",
    "number_prefix": "呈批",
    "numbered_at": "submission",
    "order": 10,
    "fields": [
        {"key": "title", "type": "text", "role": "title", "required": True, "longest": 120, "label": {"zh": "事由", "en": "Subject"}},
        {
            "key": "text",
            "type": "long_text",
            "required": True,
            "longest": 20000,
            "label": {"zh": "内容", "en": "Text"},
            "help": {"zh": "写清做什么、为什么、由谁办、何时办。", "en": "Say what, why, by whom and by when."},
        },
        {
            "key": "amount",
            "type": "money",
            "role": "amount",
            "label": {"zh": "金额（元）", "en": "Amount (yuan)"},
            "help": {"zh": "不涉及费用的不填。", "en": "Leave it empty where nothing is paid."},
        },
        {
            "key": "partner",
            "type": "department",
            "label": {"zh": "会签部门", "en": "Department to countersign"},
            "help": {"zh": "需要其他部门配合的，由其负责人会签。", "en": "Where another department has to help, its head signs too."},
        },
        {"key": "files", "type": "files", "label": {"zh": "附件", "en": "Files"}, "binding": True},
    ],
    "steps": [
        {
            "key": "head",
            "type": "approve",
            "label": {"zh": "部门负责人审批", "en": "Head of the department"},
            "groups": [{"approvers": [{"by": "requester_head", "whole": True}]}],
            "due": {"days": 2},
        },
        {
            "type": "choose",
            "cases": [
                {
                    "when": [[{"field": "partner", "op": "filled"}]],
                    "steps": [
                        {
                            "key": "partner",
                            "type": "approve",
                            "label": {"zh": "会签", "en": "Countersigning"},
                            "groups": [{"approvers": [{"by": "field_head", "field": "partner"}]}],
                            "due": {"days": 2},
                        }
                    ],
                }
            ],
            "otherwise": [],
        },
        {
            "type": "choose",
            "cases": [
                {
                    "when": [[{"field": "amount", "op": "ge", "value": "50000"}]],
                    "steps": [
                        {
                            "key": "finance",
                            "type": "approve",
                            "label": {"zh": "财务审核", "en": "Finance"},
                            "groups": [{"approvers": [{"by": "department_head", "department": "FIN"}]}],
                            "due": {"days": 2},
                        },
                        {
                            "key": "director",
                            "type": "approve",
                            "label": {"zh": "厂长审批", "en": "Director"},
                            "groups": [{"approvers": [{"by": "requester_head", "levels": 9}]}],
                            "due": {"days": 3},
                            "binds": True,
                        },
                    ],
                }
            ],
            "otherwise": [
                {
                    "key": "in_charge",
                    "type": "approve",
                    "label": {"zh": "分管领导审批", "en": "Leader in charge"},
                    "groups": [{"approvers": [{"by": "covering_duty"}]}],
                    "due": {"days": 3},
                    "binds": True,
                }
            ],
        },
    ],
}
